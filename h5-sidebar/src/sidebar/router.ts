import { createRouter, createWebHashHistory, type Router, type RouterHistory } from 'vue-router'
import ContactPage from './pages/contact/ContactPage.vue'
import GroupPage from './pages/group/GroupPage.vue'
import ElsewherePage from './pages/home/ElsewherePage.vue'
import HomePage from './pages/home/HomePage.vue'
import LoginPage from './pages/login/LoginPage.vue'
import OpeningPage from './pages/opening/OpeningPage.vue'
import OutdatedPage from './pages/outside/OutdatedPage.vue'
import OutsidePage from './pages/outside/OutsidePage.vue'

/**
 * Hash routes under `/sidebar/`. The default base is the address as it is: a query must survive, because the client checks the
 * signature against the whole address without its fragment. A fresh page always starts at the opening, whatever its fragment says:
 * the chat decides which customer is shown, never an address.
 */
export function createSidebarRouter(history: RouterHistory = createWebHashHistory()): Router {
  const router = createRouter({
    history,
    routes: [
      { path: '/', name: 'opening', component: OpeningPage },
      { path: '/contacts/:externalUserId', name: 'contact', component: ContactPage, props: true },
      { path: '/group', name: 'group', component: GroupPage },
      { path: '/home', name: 'home', component: HomePage },
      { path: '/elsewhere', name: 'elsewhere', component: ElsewherePage },
      { path: '/outside', name: 'outside', component: OutsidePage },
      { path: '/outdated', name: 'outdated', component: OutdatedPage },
      { path: '/login', name: 'login', component: LoginPage },
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
