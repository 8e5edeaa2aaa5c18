import { createRouter, createWebHashHistory, type Router, type RouterHistory } from 'vue-router'
import ContactPage from './pages/contact/ContactPage.vue'
import OpeningPage from './pages/opening/OpeningPage.vue'

/**
 * Hash routes under `/sidebar/`. The default base is the address as it is: a query must survive, because the client checks the
 * signature against the whole address without its fragment. A fresh page always starts at the opening, whatever its fragment says:
 * the chat decides which customer is shown, never an address. What is shown beside a chat comes with the page, the rest when it is asked for.
 */
export function createSidebarRouter(history: RouterHistory = createWebHashHistory()): Router {
  const router = createRouter({
    history,
    routes: [
      { path: '/', name: 'opening', component: OpeningPage },
      { path: '/contacts/:externalUserId', name: 'contact', component: ContactPage, props: true },
      { path: '/group', name: 'group', component: () => import('./pages/group/GroupPage.vue') },
      { path: '/home', name: 'home', component: () => import('./pages/home/HomePage.vue') },
      { path: '/elsewhere', name: 'elsewhere', component: () => import('./pages/home/ElsewherePage.vue') },
      { path: '/outside', name: 'outside', component: () => import('./pages/outside/OutsidePage.vue') },
      { path: '/outdated', name: 'outdated', component: () => import('./pages/outside/OutdatedPage.vue') },
      { path: '/login', name: 'login', component: () => import('./pages/login/LoginPage.vue') },
      { path: '/:rest(.*)*', redirect: { name: 'opening' } },
    ],
  })
  let isOpened = false
  router.beforeEach((to) => {
    if (isOpened || to.name === 'opening') {
      isOpened = true
      return true
    }
    return { name: 'opening', replace: true }
  })
  return router
}
